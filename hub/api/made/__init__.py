"""What an answer shows that is made from rows, beside what the rows hold."""
