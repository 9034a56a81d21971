@NullMarked
package io.zonecast.ingest.sample;

import org.jspecify.annotations.NullMarked;
