"""What shows each row of the tables of reasons: the least code that gives it, by kind of rule."""
