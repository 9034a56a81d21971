/**
 * Random faults while a few rows change all the time, and readers that remember what they saw: the
 * long version of what the sink's own tests do for some seconds.
 */
@NullMarked
package io.zonecast.bench.faults;

import org.jspecify.annotations.NullMarked;
