"""Reading a page aloud: from its HTML to sentences in the order of their meaning."""
