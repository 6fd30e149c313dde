// Counted as in the other example.
#include "ad_click/allocations.cpp"
