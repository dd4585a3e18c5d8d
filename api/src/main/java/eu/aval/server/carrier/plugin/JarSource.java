// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * A jar that could be opened: one that came with the server, or one that lies in the drop directory.
 *
 * @param stamp changes when the content may have changed
 */
record JarSource(String name, boolean bundled, String stamp, Resource content) {

    static final long MAXIMUM_BYTES = 64L << 20;

    /** @throws PluginRefused if it is too large or cannot be read */
    byte[] read() {
        try (InputStream stream = content.getInputStream()) {
            byte[] bytes = stream.readNBytes((int) MAXIMUM_BYTES + 1);
            if (bytes.length > MAXIMUM_BYTES) {
                throw new PluginRefused("The file is larger than " + (MAXIMUM_BYTES >> 20) + " MB");
            }
            return bytes;
        } catch (IOException e) {
            throw new PluginRefused("The file cannot be read");
        }
    }

    static JarSource bundled(Resource resource) {
        return new JarSource(String.valueOf(resource.getFilename()), true, "", resource);
    }

    /** The jars in a directory; none when there is no such directory. */
    static List<JarSource> in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<JarSource> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.toLowerCase(Locale.ROOT).endsWith(".jar") && Files.isRegularFile(file)) {
                    String stamp = Files.size(file) + "@" + Files.getLastModifiedTime(file);
                    found.add(new JarSource(name, false, stamp, new FileSystemResource(file)));
                }
            }
        }
        return found;
    }
}
