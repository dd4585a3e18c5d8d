// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy.graphql;

import eu.aval.server.access.Operator;
import eu.aval.server.policy.Answer;
import eu.aval.server.policy.RulePack;
import eu.aval.server.policy.RulePack.HoursRule;
import eu.aval.server.policy.RulePack.Window;
import eu.aval.server.policy.RulePacks;
import eu.aval.server.policy.Simulation;
import eu.aval.server.policy.Simulations;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import eu.aval.spi.submit.MessageClass;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** Which rules there are, whom they hold, and what they would do. */
@Controller
class RulePackController {

    record SimulatePolicyInput(
            UUID tenantId,
            @Nullable String purpose,
            @Nullable MessageClass messageClass,
            @Nullable String sender,
            @Nullable String country,
            @Nullable String prefix,
            @Nullable String region,
            @Nullable String zone,
            @Nullable Instant at,
            @Nullable String rulePack,
            Boolean consent,
            Boolean optedOut) {}

    record ShownPack(
            String id,
            Integer version,
            String title,
            String validFrom,
            @Nullable String validUntil,
            String reviewer,
            List<String> countries,
            List<MessageClass> exemptClasses,
            List<ShownHours> hours,
            List<ShownSource> sources) {}

    record ShownSource(String name, String address, String date, String says) {}

    record ShownHours(
            String rule,
            List<MessageClass> messageClasses,
            List<ShownWindow> windows,
            RulePack.Holidays holidays,
            RulePack.UnknownRegion unknownRegion,
            List<String> sources) {}

    record ShownWindow(DayOfWeek day, String hours, Boolean tolerated) {}

    record ShownSimulation(
            Answer.Decision decision,
            @Nullable String code,
            @Nullable String why,
            @Nullable Instant until,
            String rulePack,
            List<String> zones,
            List<ShownCheck> checks) {}

    record ShownCheck(
            String rule,
            Simulation.Outcome outcome,
            @Nullable String code,
            @Nullable String why,
            @Nullable Instant until,
            List<String> warnings,
            @Nullable String law,
            List<String> sources) {}

    private final RulePacks rulePacks;
    private final Simulations simulations;
    private final Tenants tenants;

    RulePackController(RulePacks rulePacks, Simulations simulations, Tenants tenants) {
        this.rulePacks = rulePacks;
        this.simulations = simulations;
        this.tenants = tenants;
    }

    @QueryMapping
    List<ShownPack> rulePacks() {
        return rulePacks.all().stream().map(RulePackController::shown).toList();
    }

    @QueryMapping
    Mono<ShownSimulation> simulatePolicy(@Argument SimulatePolicyInput input, @ContextValue Operator operator) {
        return simulations
                .simulate(
                        operator.require(new TenantId(input.tenantId())),
                        new Simulations.Question(
                                input.purpose(),
                                input.messageClass(),
                                input.sender(),
                                input.country(),
                                input.prefix(),
                                input.region(),
                                input.zone(),
                                input.at(),
                                input.rulePack(),
                                input.consent(),
                                input.optedOut(),
                                false))
                .map(RulePackController::shown);
    }

    @MutationMapping
    Mono<Tenant> setRulePack(@Argument UUID tenantId, @Argument String rulePack, @ContextValue Operator operator) {
        TenantId tenant = operator.require(new TenantId(tenantId));
        if (rulePacks.find(rulePack) == null) {
            throw new Problem(
                    ProblemType.INVALID_REQUEST,
                    "There is no such rule pack.",
                    List.of(new Problem.Field("/rulePack", "INVALID_VALUE", "One of rulePacks.")));
        }
        return tenants.holdTo(tenant, rulePack, operator.actor().value());
    }

    @MutationMapping
    Mono<List<ShownPack>> reloadRulePacks(@ContextValue Operator operator) {
        operator.requireAllTenants();
        return rulePacks
                .reload()
                .map(packs -> packs.stream().map(RulePackController::shown).toList());
    }

    private static ShownPack shown(RulePack pack) {
        return new ShownPack(
                pack.id(),
                pack.version(),
                pack.title(),
                pack.validFrom().toString(),
                pack.validUntil() == null ? null : pack.validUntil().toString(),
                pack.reviewer(),
                pack.countries().stream().sorted().toList(),
                pack.hours().exempt().classes().stream().sorted().toList(),
                pack.hours().rules().stream().map(RulePackController::shown).toList(),
                pack.sources().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(each -> new ShownSource(
                                each.getKey(),
                                each.getValue().address(),
                                each.getValue().date().toString(),
                                each.getValue().says()))
                        .toList());
    }

    private static ShownHours shown(HoursRule rule) {
        return new ShownHours(
                rule.id(),
                rule.classes().stream().sorted().toList(),
                Arrays.stream(DayOfWeek.values())
                        .flatMap(day -> rule.windows().getOrDefault(day, List.of()).stream()
                                .sorted(Comparator.comparing(Window::from))
                                .map(window -> new ShownWindow(day, window.label(), window.tolerated())))
                        .toList(),
                rule.holidays(),
                rule.unknownRegion(),
                rule.cites());
    }

    private static ShownSimulation shown(Simulation simulation) {
        Answer answer = Answer.of(simulation.verdict());
        return new ShownSimulation(
                answer.decision(),
                answer.code(),
                answer.why(),
                answer.until(),
                simulation.rulePack().label(),
                simulation.zones(),
                simulation.steps().stream().map(RulePackController::shown).toList());
    }

    private static ShownCheck shown(Simulation.Step step) {
        return new ShownCheck(
                step.rule(),
                step.outcome(),
                step.code() == null ? null : step.code().name(),
                step.why(),
                step.until(),
                step.warnings(),
                step.law(),
                step.sources().stream()
                        .map(source -> source.address() + " (" + source.date() + "): " + source.says())
                        .toList());
    }
}
