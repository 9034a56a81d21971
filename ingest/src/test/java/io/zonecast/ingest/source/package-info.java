@NullMarked
package io.zonecast.ingest.source;

import org.jspecify.annotations.NullMarked;
