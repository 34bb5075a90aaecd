"""Again or the same: matters that come twice, from one person or from many, and orders that hold several."""
