/// The laws of every contract, to run on components of your own.
#pragma once

#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/merge.hpp"
#include "mlsd/testing/laws/ranking.hpp"
#include "mlsd/testing/laws/rows.hpp"
#include "mlsd/testing/laws/streams.hpp"
#include "mlsd/testing/laws/training.hpp"
