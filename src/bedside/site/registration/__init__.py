"""The programme's office: who may sit a proctored exam, and until when."""
