@NullMarked
package io.zonecast.ingest.stream;

import org.jspecify.annotations.NullMarked;
