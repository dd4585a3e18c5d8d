// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.shared.CannotStart;
import eu.aval.server.shared.StartOrder;
import eu.aval.server.tenant.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PolicyConfiguration.RulePackSettings.class)
class PolicyConfiguration {

    /**
     * @param standard what new tenants are held to
     * @param trustedKeys who else may sign packs: Ed25519 public keys in PEM
     * @param poll how soon a changed file is in use
     */
    @ConfigurationProperties("aval.rule-packs")
    record RulePackSettings(
            Path directory,
            @DefaultValue("GUIDE") String standard,
            @DefaultValue List<String> trustedKeys,
            @DefaultValue("10s") Duration poll) {}

    @Bean
    RulePacks rulePacks(RulePackSettings settings) {
        // It takes a second of one core, and the start goes on meanwhile
        Thread.ofPlatform().name("holidays").daemon().start(HolidayCalendar::load);
        try {
            RulePacks packs = new RulePacks(new RulePackFiles(settings.directory(), settings.trustedKeys()));
            if (packs.find(settings.standard()) == null) {
                throw new CannotStart(
                        "There is no rule pack " + settings.standard() + ", which aval.rule-packs.standard names.",
                        "Name one of " + packs.all().stream().map(RulePack::id).toList() + ".");
            }
            return packs;
        } catch (RulePackRefused e) {
            throw new CannotStart(
                    "A rule pack cannot be used: " + e.getMessage() + ".",
                    "Mend or sign it, or take it out of " + settings.directory() + ".",
                    e);
        }
    }

    @Bean
    SmartLifecycle rulePackFollower(RulePacks packs, RulePackSettings settings) {
        return new Follower(packs, settings.poll());
    }

    /** Takes changed files into use. */
    private static final class Follower implements SmartLifecycle {

        private static final Logger log = LoggerFactory.getLogger(RulePacks.class);

        private final RulePacks packs;
        private final Duration poll;
        private volatile @Nullable Disposable running;

        Follower(RulePacks packs, Duration poll) {
            this.packs = packs;
            this.poll = poll;
        }

        @Override
        public void start() {
            // Waits for it: afterwards no request does
            HolidayCalendar.load();
            running = new Trouble(log, "Reading the directory of rule packs")
                    .every(poll, () -> Mono.<Void>fromRunnable(packs::follow).subscribeOn(Schedulers.boundedElastic()));
        }

        @Override
        public void stop() {
            Objects.requireNonNull(running).dispose();
            running = null;
        }

        @Override
        public boolean isRunning() {
            return running != null;
        }

        @Override
        public int getPhase() {
            return StartOrder.SNAPSHOTS;
        }
    }
}
