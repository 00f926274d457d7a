"""Ways of securing a credential, one module each."""
