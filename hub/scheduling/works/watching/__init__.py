"""Jobs that keep an eye on what is in force: on its papers, its owners, its use and its price."""
