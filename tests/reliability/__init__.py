"""What a store is worth when everything stops: kills, losses of power, and any order of acts."""
