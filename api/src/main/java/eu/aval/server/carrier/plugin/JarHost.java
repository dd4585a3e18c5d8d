// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import java.nio.file.Path;
import java.util.List;
import org.pf4j.ClassLoadingStrategy;
import org.pf4j.JarPluginLoader;
import org.pf4j.JarPluginManager;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.Plugin;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginFactory;
import org.pf4j.PluginLoader;
import org.pf4j.PluginManager;
import org.pf4j.PluginRepository;
import org.pf4j.PluginRuntimeException;
import org.pf4j.PluginStatusProvider;
import org.pf4j.RuntimeMode;

/**
 * PF4J for one jar. PF4J holds one version of a plugin at a time, and an upgrade needs two side by side for a while: so
 * each jar has a host of its own. What PF4J decides too generously is decided here: no development mode, no status files,
 * no Plugin-Class of the jar's own, exact versions are exact, and the plugin sees of the server only {@link HostClasses}.
 */
final class JarHost extends JarPluginManager {

    private JarHost(Path directory, String spiVersion) {
        super(directory);
        setSystemVersion(spiVersion);
        setExactVersionAllowed(true);
    }

    /**
     * Opens a jar that has been inspected.
     *
     * @throws PluginRefused if PF4J does not take it
     */
    static JarHost open(Path jar, String spiVersion) {
        Path directory = jar.toAbsolutePath().getParent();
        var host = new JarHost(directory == null ? jar : directory, spiVersion);
        try {
            String id = host.loadPlugin(jar);
            if (!host.startPlugin(id).isStarted()) {
                throw new PluginRefused("The plugin framework refused the jar");
            }
            return host;
        } catch (PluginRuntimeException | IllegalArgumentException e) {
            host.close();
            throw new PluginRefused(
                    "The plugin framework refused the jar: " + e.getClass().getSimpleName());
        } catch (PluginRefused e) {
            host.close();
            throw e;
        }
    }

    ClassLoader classes() {
        return getPluginClassLoader(getPlugins().getFirst().getPluginId());
    }

    /** Stops the plugin and closes its class loader. */
    void close() {
        unloadPlugins();
        for (var plugin : getPlugins()) {
            unloadPlugin(plugin.getPluginId());
        }
    }

    @Override
    public RuntimeMode getRuntimeMode() {
        return RuntimeMode.DEPLOYMENT;
    }

    @Override
    protected PluginDescriptorFinder createPluginDescriptorFinder() {
        return new ManifestPluginDescriptorFinder();
    }

    @Override
    protected PluginFactory createPluginFactory() {
        return wrapper -> new Plugin();
    }

    @Override
    protected PluginStatusProvider createPluginStatusProvider() {
        return new PluginStatusProvider() {
            @Override
            public boolean isPluginDisabled(String pluginId) {
                return false;
            }

            @Override
            public void disablePlugin(String pluginId) {
                throw new UnsupportedOperationException("A digest is revoked instead");
            }

            @Override
            public void enablePlugin(String pluginId) {
                throw new UnsupportedOperationException("A digest is approved instead");
            }
        };
    }

    @Override
    protected PluginRepository createPluginRepository() {
        return new PluginRepository() {
            @Override
            public List<Path> getPluginPaths() {
                return List.of();
            }

            @Override
            public boolean deletePluginPath(Path pluginPath) {
                return false;
            }
        };
    }

    @Override
    protected PluginLoader createPluginLoader() {
        return new JarPluginLoader(this) {
            @Override
            public ClassLoader loadPlugin(Path pluginPath, PluginDescriptor pluginDescriptor) {
                var classes = new Classes(pluginManager, pluginDescriptor);
                classes.addFile(pluginPath.toFile());
                return classes;
            }
        };
    }

    /** The plugin's own classes first, except what the host provides. */
    static final class Classes extends PluginClassLoader {

        Classes(PluginManager host, PluginDescriptor descriptor) {
            super(host, descriptor, HostClasses.INSTANCE, ClassLoadingStrategy.PDA);
        }

        @Override
        protected boolean shouldDelegateToParent(String className) {
            return HostClasses.provides(className);
        }
    }
}
