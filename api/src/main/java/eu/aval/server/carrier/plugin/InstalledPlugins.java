// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import eu.aval.server.carrier.CarrierPlugin;
import eu.aval.server.carrier.CarrierPlugin.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pf4j.DefaultVersionManager;
import org.pf4j.VersionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The carriers of this node: what lies there, what of it is allowed, and the highest working version of each, loaded.
 * Bundled and dropped jars compete on equal terms. A version that does not start leaves the one before it in use.
 */
public final class InstalledPlugins {

    private static final Logger log = LoggerFactory.getLogger(InstalledPlugins.class);

    private final Path directory;
    private final List<JarSource> bundled;
    private final PrivateCopies copies;
    private final String spiVersion;
    private final VersionManager versions = new DefaultVersionManager();
    private final JarInspection inspection;

    private final Map<JarSource, Digested> digests = new HashMap<>();
    private final Map<String, Inspected> inspections = new HashMap<>();
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private final Map<String, LoadedPlugin> inUse = new ConcurrentHashMap<>();
    private final Map<String, LoadedPlugin> draining = new ConcurrentHashMap<>();
    private volatile List<CarrierPlugin> known = List.of();
    private boolean looked;

    /**
     * @param directory where jars are dropped
     * @param bundled jars that came with the server: allowed unless revoked
     * @param spiVersion of the SPI that the server was built with
     */
    public InstalledPlugins(Path directory, List<Resource> bundled, String spiVersion) {
        this.directory = directory;
        this.bundled = bundled.stream().map(JarSource::bundled).toList();
        this.copies = new PrivateCopies(directory.resolve(".opened"));
        // the range speaks of releases: a build on the way to 1.2.0 offers 1.2.0
        this.spiVersion = spiVersion.replaceFirst("[-+].*", "");
        this.inspection = new JarInspection(versions, this.spiVersion);
        if (this.spiVersion.equals("0.0.0") || !this.spiVersion.matches("\\d+\\.\\d+\\.\\d+")) {
            throw new IllegalArgumentException("The SPI version must come from the build, not " + spiVersion);
        }
    }

    private record Digested(
            JarSource source,
            @Nullable String sha256,
            @Nullable String error) {}

    private record Inspected(
            JarInspection.@Nullable Manifested manifested,
            @Nullable String error) {}

    private record Candidate(JarSource source, String sha256, JarInspection.Manifested manifested) {}

    /** The version in use; null when there is none. */
    public @Nullable LoadedPlugin find(String id) {
        return inUse.get(id);
    }

    /** As of the last scan. */
    public List<CarrierPlugin> known() {
        return known;
    }

    /** Lets the next scan try again what failed. */
    public void forgetFailures() {
        failures.clear();
    }

    /** Brings what is loaded in line with what lies there and is allowed. One at a time. */
    public Mono<Void> scan(Map<String, Approval> approvals) {
        return Mono.fromCallable(() -> look(approvals))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(digested -> {
                    var candidates = candidates(digested, approvals);
                    Set<String> ids = new TreeSet<>(candidates.keySet());
                    ids.addAll(inUse.keySet());
                    return Flux.fromIterable(ids)
                            .concatMap(id -> choose(id, candidates.getOrDefault(id, List.of())))
                            .then(Mono.fromRunnable(() -> known = describe(digested, approvals)));
                });
    }

    private List<Digested> look(Map<String, Approval> approvals) throws IOException {
        if (!looked) {
            copies.clear();
            looked = true;
        }
        List<JarSource> sources = Stream.concat(bundled.stream(), JarSource.in(directory).stream())
                .toList();
        digests.keySet().retainAll(Set.copyOf(sources));
        List<Digested> digested = new ArrayList<>();
        for (JarSource source : sources) {
            digested.add(digests.computeIfAbsent(source, InstalledPlugins::digest));
        }
        for (Digested jar : digested) {
            String sha256 = jar.sha256();
            if (sha256 != null && isAllowed(jar, approvals)) {
                inspections.computeIfAbsent(sha256, digest -> inspect(jar.source(), digest));
            }
        }
        return digested;
    }

    private static Digested digest(JarSource source) {
        try {
            return new Digested(source, PrivateCopies.sha256(source.read()), null);
        } catch (PluginRefused e) {
            return new Digested(source, null, e.reason());
        }
    }

    private static boolean isAllowed(Digested jar, Map<String, Approval> approvals) {
        @Nullable Approval approval = jar.sha256() == null ? null : approvals.get(jar.sha256());
        return approval == null ? jar.source().bundled() : !approval.revoked();
    }

    private Inspected inspect(JarSource source, String sha256) {
        Path copy = null;
        try {
            copy = copies.copy(source, sha256);
            return new Inspected(inspection.inspect(copy), null);
        } catch (PluginRefused e) {
            log.warn("Carrier jar {} is refused: {}", source.name(), e.reason());
            return new Inspected(null, e.reason());
        } finally {
            if (copy != null) {
                PrivateCopies.delete(copy);
            }
        }
    }

    private Map<String, List<Candidate>> candidates(List<Digested> digested, Map<String, Approval> approvals) {
        Comparator<Candidate> best = Comparator.<Candidate, String>comparing(
                        candidate -> candidate.manifested().version(), versions::compareVersions)
                .reversed()
                .thenComparing(candidate -> candidate.source().bundled());
        Map<String, List<Candidate>> byId = new TreeMap<>();
        for (Digested jar : digested) {
            String sha256 = jar.sha256();
            if (sha256 != null && isAllowed(jar, approvals) && refusal(sha256, approvals) == null) {
                var manifested = manifested(sha256);
                if (manifested != null) {
                    byId.computeIfAbsent(manifested.id(), id -> new ArrayList<>())
                            .add(new Candidate(jar.source(), sha256, manifested));
                }
            }
        }
        byId.values().forEach(list -> list.sort(best));
        return byId;
    }

    private JarInspection.@Nullable Manifested manifested(String sha256) {
        var inspected = inspections.get(sha256);
        return inspected == null ? null : inspected.manifested();
    }

    private @Nullable String refusal(String sha256, Map<String, Approval> approvals) {
        var inspected = inspections.get(sha256);
        if (inspected != null && inspected.error() != null) {
            return inspected.error();
        }
        var approval = approvals.get(sha256);
        var manifested = manifested(sha256);
        if (approval != null && manifested != null && !approval.pluginId().equals(manifested.id())) {
            return "The digest was approved for carrier " + approval.pluginId() + ", and the jar is " + manifested.id();
        }
        return failures.get(sha256);
    }

    private Mono<Void> choose(String id, List<Candidate> candidates) {
        LoadedPlugin current = inUse.get(id);
        for (Candidate candidate : candidates) {
            if (current != null && current.sha256().equals(candidate.sha256())) {
                return Mono.empty();
            }
            if (!failures.containsKey(candidate.sha256())) {
                return load(candidate)
                        .doOnNext(loaded -> replace(id, loaded))
                        .then()
                        .onErrorResume(error -> {
                            String reason =
                                    error instanceof PluginRefused refused ? refused.reason() : Faults.describe(error);
                            log.warn(
                                    "Carrier jar {} is refused: {}",
                                    candidate.source().name(),
                                    reason);
                            failures.put(candidate.sha256(), reason);
                            return choose(id, candidates);
                        });
            }
        }
        replace(id, null);
        return Mono.empty();
    }

    private Mono<LoadedPlugin> load(Candidate candidate) {
        return Mono.defer(() -> {
                    Path copy = copies.copy(candidate.source(), candidate.sha256());
                    return LoadedPlugin.load(copy, candidate.sha256(), candidate.manifested(), spiVersion)
                            .doOnError(error -> PrivateCopies.delete(copy));
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    private void replace(String id, @Nullable LoadedPlugin next) {
        LoadedPlugin before = next == null ? inUse.remove(id) : inUse.put(id, next);
        if (next != null) {
            log.info("Loaded carrier {} {}", id, next.version());
        }
        if (before != null) {
            draining.put(before.sha256(), before);
            before.retire();
        }
    }

    /** At shutdown, when every account is closed. */
    public void retireAll() {
        Set.copyOf(inUse.keySet()).forEach(id -> replace(id, null));
    }

    private List<CarrierPlugin> describe(List<Digested> digested, Map<String, Approval> approvals) {
        draining.values().removeIf(LoadedPlugin::isClosed);
        Map<String, LoadedPlugin> loaded =
                inUse.values().stream().collect(Collectors.toMap(LoadedPlugin::sha256, plugin -> plugin));
        List<CarrierPlugin> described = new ArrayList<>();
        for (Digested jar : digested) {
            String sha256 = jar.sha256();
            if (sha256 == null) {
                described.add(new CarrierPlugin(
                        jar.source().name(),
                        null,
                        jar.source().bundled(),
                        State.REFUSED,
                        null,
                        null,
                        jar.error(),
                        null));
            } else {
                described.add(describe(jar, sha256, approvals, loaded.remove(sha256)));
            }
        }
        draining.forEach((sha256, plugin) -> {
            if (described.stream().noneMatch(one -> sha256.equals(one.sha256()))) {
                described.add(new CarrierPlugin(
                        sha256 + ".jar",
                        sha256,
                        false,
                        State.DRAINING,
                        plugin.descriptor().id(),
                        plugin.version(),
                        null,
                        plugin.descriptor()));
            }
        });
        return List.copyOf(described);
    }

    private CarrierPlugin describe(
            Digested jar, String sha256, Map<String, Approval> approvals, @Nullable LoadedPlugin loaded) {
        var manifested = manifested(sha256);
        @Nullable String reason = refusal(sha256, approvals);
        State state;
        if (loaded != null) {
            state = State.IN_USE;
        } else if (draining.containsKey(sha256)) {
            state = State.DRAINING;
        } else if (!isAllowed(jar, approvals)) {
            state = approvals.containsKey(sha256) ? State.REVOKED : State.NOT_APPROVED;
        } else {
            state = reason == null ? State.SUPERSEDED : State.REFUSED;
        }
        return new CarrierPlugin(
                jar.source().name(),
                sha256,
                jar.source().bundled(),
                state,
                manifested == null ? null : manifested.id(),
                manifested == null ? null : manifested.version(),
                state == State.REFUSED ? reason : null,
                loaded == null ? null : loaded.descriptor());
    }
}
