/** What the process really uses: memory figures of the running virtual machine. */
@NullMarked
package dev.spillway.memory;

import org.jspecify.annotations.NullMarked;
