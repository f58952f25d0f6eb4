"""The builder: a plan put together by hand, named, shared and set beside another."""
