/** To be written. */
@NullMarked
package io.zonecast.ingest;

import org.jspecify.annotations.NullMarked;
