//! Word helpers of Masterminds/goutils.
