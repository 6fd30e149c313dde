#pragma once

namespace mlsd {

/// What a streaming detector says after each value: whether the stream has changed.
struct detection {
  bool drifted = false;
};

}  // namespace mlsd
