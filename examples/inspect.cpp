// inspect FILE: what is in a file that mlsd saved, without the types it was saved from.
//
// Exit status: 0 printed, 1 the file cannot be read or is damaged (the reason and the byte are on stderr), 2 wrong use.
// ctest after ad_click: {out}/simulated.mlsd
#include "mlsd/archive/inspect.hpp"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

namespace {

constexpr const char* usage =
    "usage: inspect FILE [--values N] [--items N] [--lines N]\n"
    "Prints what is in a file that mlsd saved: names, types, first values. All checksums are verified.\n"
    "  --values N  numbers shown of each array (8)\n"
    "  --items N   objects shown of each array (3)\n"
    "  --lines N   lines printed in all (1000)\n";

int fail(const char* path, const mlsd::error& e) {
  std::fprintf(stderr, "inspect: %s: %s\n", path, mlsd::to_string(e).c_str());
  return 1;
}

bool read_number(const char* text, std::size_t& number) {
  const char* end = text + std::strlen(text);
  const auto parsed = std::from_chars(text, end, number);
  return parsed.ec == std::errc{} && parsed.ptr == end;
}

}  // namespace

int main(int argc, char** argv) {
  const char* path = nullptr;
  mlsd::inspect_options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--help" || argument == "-h") return std::fputs(usage, stdout) < 0;
    std::size_t* setting = argument == "--values"  ? &options.values
                           : argument == "--items" ? &options.items
                           : argument == "--lines" ? &options.lines
                                                   : nullptr;
    const bool understood = setting != nullptr ? ++i < argc && read_number(argv[i], *setting)
                                               : path == nullptr && !argument.starts_with("--");
    if (!understood) return std::fputs(usage, stderr) < 0 ? 1 : 2;
    if (setting == nullptr) path = argv[i];
  }
  if (path == nullptr) return std::fputs(usage, stderr) < 0 ? 1 : 2;

  const auto text = mlsd::inspect_file(path, options);
  if (!text) return fail(path, text.error());
  return std::fputs(text->c_str(), stdout) < 0;
}
