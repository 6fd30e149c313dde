#include "ad_click/clicks.hpp"
#include "gzip_source.hpp"
#include "ad_click/job.hpp"
#include "ad_click/run.hpp"

mlsd::result<outcome> run_clicks(const std::string& path, const job_options& job) {
  auto table = click_log::dataset::read(gzip_source(path));
  if (!table) return table.error();
  return ad_job<click_log::dataset>(job).run(std::move(*table));
}
