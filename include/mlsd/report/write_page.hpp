#pragma once

#include <span>
#include <string>

#include "mlsd/archive/storage.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/report/page.hpp"

namespace mlsd::report {

/// Writes the document beside the file and renames it: a browser sees the older page or the whole new one. The error
/// names the file and has the system's reason.
template <class = void> [[nodiscard]] result<void> write_page(const std::string& path, const page& p) {
  const std::string html = to_html(p);
  return mlsd::detail::replace_file(path, std::as_bytes(std::span(html)));
}

}  // namespace mlsd::report
