"""Parts of `make drill`: the site that is ill-treated, who works with it meanwhile, a check of what is left."""
