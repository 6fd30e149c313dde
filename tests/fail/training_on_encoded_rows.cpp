// expect: labelled_matrix.*|no matching member function for call to 'fit'
#include "mlsd/training/gbdt.hpp"
#include "record.hpp"
auto spec = mlsd::from<impressions>() | mlsd::on("ad"_f)(mlsd::target_encode{});
auto train(const mlsd::frame<impressions>& rows) {
  auto fitted = spec.fit(rows).value();
#ifdef MLSD_FIXED
  return mlsd::gbdt_trainer{}.fit<mlsd::logistic>(fitted.x);
#else
  return mlsd::gbdt_trainer{}.fit<mlsd::logistic>(fitted.features.labelled(rows));
#endif
}
