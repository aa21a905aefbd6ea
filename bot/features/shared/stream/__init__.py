"""Parts about new papers that several features need: candidates, recommendations, follows."""
