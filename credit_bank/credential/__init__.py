"""What a credential is: composing, securing, reading and verifying it. Pure: values in, values out."""
