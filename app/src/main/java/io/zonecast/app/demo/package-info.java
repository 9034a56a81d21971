/**
 * {@code zonecast demo}: the whole story on a private broker and memcached nodes, with the parts
 * and answers of the commands. What a command does beyond its story belongs to the commands.
 */
@NullMarked
package io.zonecast.app.demo;

import org.jspecify.annotations.NullMarked;
