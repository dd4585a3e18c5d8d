// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The rule packs that tenants can be held to. What could not be read changes nothing: those before it stay in force. */
public final class RulePacks {

    private static final Logger log = LoggerFactory.getLogger(RulePacks.class);

    private final RulePackFiles files;
    private volatile Map<String, RulePack> packs;
    private volatile String stamp;

    /** @throws RulePackRefused when there is something wrong with one */
    RulePacks(RulePackFiles files) {
        this.files = files;
        this.stamp = files.stamp();
        this.packs = Map.copyOf(files.read());
    }

    /** Those that come with the server and nothing else. */
    public static RulePacks bundled() {
        return new RulePacks(new RulePackFiles(null, List.of()));
    }

    public @Nullable RulePack find(String id) {
        return packs.get(id);
    }

    /** In the order of their ids. */
    public List<RulePack> all() {
        return packs.values().stream()
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .toList();
    }

    /** Reads them anew; an error {@link Problem} INVALID_REQUEST that says what is wrong, and nothing has changed. */
    public Mono<List<RulePack>> reload() {
        return Mono.fromCallable(() -> {
                    read();
                    return all();
                })
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(
                        RulePackRefused.class,
                        refused -> new Problem(ProblemType.INVALID_REQUEST, String.valueOf(refused.getMessage())));
    }

    /** Reads them anew if a file has changed; what is wrong is logged, once for each change. Blocks. */
    void follow() {
        String now = files.stamp();
        if (now.equals(stamp)) {
            return;
        }
        try {
            read();
            log.info(
                    "Rule packs in use: {}", all().stream().map(RulePack::label).toList());
        } catch (RulePackRefused e) {
            stamp = now;
            log.error("Rule packs are not taken into use, those before stay in force: {}", e.getMessage());
        }
    }

    private synchronized void read() {
        String before = files.stamp();
        packs = Map.copyOf(files.read());
        stamp = before;
    }
}
