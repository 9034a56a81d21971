@NullMarked
package io.zonecast.ingest.publish;

import org.jspecify.annotations.NullMarked;
