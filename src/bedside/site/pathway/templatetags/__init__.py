"""What templates of other pages load of the pathway."""
