/// Feature transforms and the pipelines made of them.
#pragma once

#include "mlsd/features/audit.hpp"
#include "mlsd/features/calendar.hpp"
#include "mlsd/features/clip.hpp"
#include "mlsd/features/hashed.hpp"
#include "mlsd/features/impute.hpp"
#include "mlsd/features/log_plus_one.hpp"
#include "mlsd/features/on.hpp"
#include "mlsd/features/ordinal.hpp"
#include "mlsd/features/scoring_pipeline.hpp"
#include "mlsd/features/standardize.hpp"
#include "mlsd/features/target_encode.hpp"
