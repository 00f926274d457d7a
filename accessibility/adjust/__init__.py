"""From how a person gets on with the pages to a change of presentation that is proposed to them, with its reason."""
