/// The outcome for people (a table), for machines (JSON) and for the browser (one HTML page).
#pragma once

#include "recommend/outcome.hpp"

#include <string>

[[nodiscard]] std::string to_json(const outcome& o);
void print_table(const outcome& o);
[[nodiscard]] std::string to_html_page(const outcome& o);
