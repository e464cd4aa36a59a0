"""What two screens share; above all the virtual list that draws only the visible lines."""
