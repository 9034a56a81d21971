/**
 * Zone files to records: what the packages below have in common, which is little. {@code source}
 * reads files, {@code publish} compares them with the topic and publishes the difference, {@code
 * sample} makes tables of any size. Nothing here knows a cache.
 */
@NullMarked
package io.zonecast.ingest;

import org.jspecify.annotations.NullMarked;
