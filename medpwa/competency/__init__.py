"""Skills, states, grants, and the verdict: may this person do this technique now."""
