"""Items out of answers: EM for the logistic models, its errors, and how well the model fits."""
