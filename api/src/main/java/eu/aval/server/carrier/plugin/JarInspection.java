// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.VersionManager;

/**
 * Looks into a jar whose digest is allowed before any class of it is loaded: size, what it bundles, and what its manifest
 * says. Reads every byte once, so that declared sizes need not be believed.
 */
final class JarInspection {

    static final String PROVIDER_FILE = "META-INF/services/eu.aval.spi.CarrierProvider";

    static final int MAXIMUM_ENTRIES = 20_000;
    static final long MAXIMUM_BYTES = 512L << 20;

    private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/\\d+/");

    /** Above every version there will be: a range that lets it in has no upper end. */
    private static final String FAR_FUTURE = "999999.0.0";

    private final VersionManager versions;
    private final String spiVersion;

    /** @param spiVersion what the server offers, without qualifier */
    JarInspection(VersionManager versions, String spiVersion) {
        this.versions = versions;
        this.spiVersion = spiVersion;
    }

    /** What the manifest says. */
    record Manifested(String id, String version) {}

    /** @throws PluginRefused if the jar cannot be taken */
    Manifested inspect(Path path) {
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            inspectEntries(jar);
            var manifest = jar.getManifest();
            if (manifest == null) {
                throw new PluginRefused("The jar has no manifest");
            }
            return inspectManifest(manifest);
        } catch (IOException | SecurityException | IllegalArgumentException e) {
            throw new PluginRefused("The file is not a readable jar");
        }
    }

    private static void inspectEntries(JarFile jar) throws IOException {
        if (jar.size() > MAXIMUM_ENTRIES) {
            throw new PluginRefused("The jar has more than " + MAXIMUM_ENTRIES + " entries");
        }
        long total = 0;
        for (JarEntry entry : Collections.list(jar.entries())) {
            String name = VERSIONED.matcher(entry.getName()).replaceFirst("");
            if (name.endsWith(".class") && HostClasses.provides(name)) {
                throw new PluginRefused("The jar bundles " + name + ", which the server provides: make it a provided"
                        + " dependency (carrier-parent does)");
            }
            if (name.equals("META-INF/INDEX.LIST")) {
                throw new PluginRefused("The jar has an index, which could lead to other jars");
            }
            total += count(jar, entry, MAXIMUM_BYTES - total);
        }
        List<String> providers = providers(jar);
        if (providers.size() != 1) {
            throw new PluginRefused(
                    "The jar names " + providers.size() + " providers in " + PROVIDER_FILE + ", not one");
        }
    }

    private static long count(JarFile jar, JarEntry entry, long allowed) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long read = 0;
        try (InputStream content = jar.getInputStream(entry)) {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                read += n;
                if (read > allowed) {
                    throw new PluginRefused("The jar unpacks to more than " + (MAXIMUM_BYTES >> 20) + " MB");
                }
            }
        }
        return read;
    }

    private static List<String> providers(JarFile jar) throws IOException {
        JarEntry entry = jar.getJarEntry(PROVIDER_FILE);
        if (entry == null) {
            return List.of();
        }
        try (InputStream content = jar.getInputStream(entry)) {
            return new String(content.readNBytes(1 << 16), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").trim())
                    .filter(line -> !line.isEmpty())
                    .distinct()
                    .toList();
        }
    }

    private Manifested inspectManifest(Manifest manifest) {
        Attributes attributes = manifest.getMainAttributes();
        if (attributes.getValue(Attributes.Name.CLASS_PATH) != null) {
            throw new PluginRefused("The manifest has a Class-Path, which leads to jars that nobody has checked");
        }
        if (attributes.getValue(ManifestPluginDescriptorFinder.PLUGIN_DEPENDENCIES) != null) {
            throw new PluginRefused("The manifest has Plugin-Dependencies; a carrier is one jar");
        }
        String id = required(attributes, ManifestPluginDescriptorFinder.PLUGIN_ID);
        String version = required(attributes, ManifestPluginDescriptorFinder.PLUGIN_VERSION);
        checkVersion(version);
        checkRequires(required(attributes, ManifestPluginDescriptorFinder.PLUGIN_REQUIRES));
        return new Manifested(id, version);
    }

    private static String required(Attributes attributes, String name) {
        @Nullable String value = attributes.getValue(name);
        if (value == null || value.isBlank()) {
            throw new PluginRefused("The manifest has no " + name);
        }
        return value.trim();
    }

    private void checkVersion(String version) {
        try {
            int ignored = versions.compareVersions(version, version);
        } catch (RuntimeException e) {
            throw new PluginRefused("Plugin-Version is not a semantic version such as 1.2.3");
        }
    }

    private void checkRequires(String range) {
        boolean open;
        boolean satisfied;
        try {
            open = versions.checkVersionConstraint(FAR_FUTURE, range);
            satisfied = versions.checkVersionConstraint(spiVersion, range);
        } catch (RuntimeException e) {
            throw new PluginRefused("Plugin-Requires is not a range such as >=1.0.0 & <2.0.0");
        }
        if (open) {
            throw new PluginRefused("Plugin-Requires has no upper end: write a range such as >=1.0.0 & <2.0.0");
        }
        if (!satisfied) {
            throw new PluginRefused("The plugin requires SPI " + range + ", and this server has " + spiVersion);
        }
    }
}
