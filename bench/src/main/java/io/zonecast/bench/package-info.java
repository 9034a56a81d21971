/**
 * Side-by-side benchmarks: what is ours, what it is compared with and what the machine can do at
 * most, taken in turns in one run. Only ratios within a run mean anything; absolute figures drift
 * from machine to machine and from hour to hour.
 */
@NullMarked
package io.zonecast.bench;

import org.jspecify.annotations.NullMarked;
