"""How somebody comes to be signed off and stays so: assessments, training, supervision, coverage, audit."""
