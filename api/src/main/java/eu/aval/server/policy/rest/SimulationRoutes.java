// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import eu.aval.server.access.Application;
import eu.aval.server.access.Application.Scope;
import eu.aval.server.access.ListParameters;
import eu.aval.server.access.RestRoutes;
import eu.aval.server.policy.Answer;
import eu.aval.server.policy.RulePack;
import eu.aval.server.policy.Simulation;
import eu.aval.server.policy.Simulation.Outcome;
import eu.aval.server.policy.Simulations;
import eu.aval.server.shared.Problem;
import eu.aval.spi.submit.MessageClass;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /v1/policy/simulate}. */
@Configuration(proxyBeanMethods = false)
class SimulationRoutes {

    private static final Set<String> NAMES = Set.of(
            "purpose",
            "messageClass",
            "sender",
            "country",
            "prefix",
            "region",
            "zone",
            "at",
            "rulePack",
            "consent",
            "optedOut");

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            Answer.Decision decision,
            @Nullable String code,
            @Nullable String why,
            @Nullable Instant until,
            String rulePack,
            List<String> zones,
            List<Step> checks) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Step(
            String rule,
            Outcome outcome,
            @Nullable String code,
            @Nullable String why,
            @Nullable Instant until,
            List<String> warnings,
            @Nullable String law,
            List<Source> sources) {}

    record Source(String address, LocalDate date, String says) {}

    private final Simulations simulations;
    private final JsonMapper json;

    SimulationRoutes(Simulations simulations, JsonMapper json) {
        this.simulations = simulations;
        this.json = json;
    }

    @Bean
    RestRoutes simulationRestRoutes() {
        return RestRoutes.of().get("/v1/policy/simulate", Scope.MESSAGES_SEND, this::simulate);
    }

    private Mono<ServerResponse> simulate(ServerRequest request) {
        Application application = Application.of(request);
        return simulations
                .simulate(application.tenant(), question(application, request.queryParams()))
                .onErrorMap(Problem.class, SimulationRoutes::inQuery)
                .flatMap(simulation -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(json.writeValueAsBytes(view(simulation))));
    }

    private static Simulations.Question question(Application application, MultiValueMap<String, String> query) {
        ListParameters parameters = new ListParameters(query, NAMES, "");
        Set<MessageClass> classes = parameters.constants("messageClass", MessageClass.class);
        String prefix = parameters.text("prefix", 7);
        Simulations.Question question = new Simulations.Question(
                parameters.text("purpose", 64),
                classes.isEmpty() ? null : classes.iterator().next(),
                parameters.text("sender", 16),
                parameters.text("country", 2),
                // A plus sign that nobody encoded arrives as a space
                prefix == null ? null : prefix.replace(' ', '+'),
                parameters.text("region", 6),
                parameters.text("zone", 64),
                parameters.time("at"),
                parameters.text("rulePack", 40),
                parameters.flag("consent", true),
                parameters.flag("optedOut", false),
                application.kind() == Application.Kind.TEST);
        parameters.requireSound();
        return question;
    }

    /** The question tells fields; here they are parameters. */
    private static Problem inQuery(Problem problem) {
        return new Problem(
                problem.type(),
                problem.detail(),
                problem.fields().stream()
                        .map(field -> new Problem.Field("/query" + field.pointer(), field.code(), field.detail()))
                        .toList());
    }

    private static View view(Simulation simulation) {
        Answer answer = Answer.of(simulation.verdict());
        return new View(
                answer.decision(),
                answer.code(),
                answer.why(),
                answer.until(),
                simulation.rulePack().label(),
                simulation.zones(),
                simulation.steps().stream().map(SimulationRoutes::step).toList());
    }

    private static Step step(Simulation.Step step) {
        return new Step(
                step.rule(),
                step.outcome(),
                step.code() == null ? null : step.code().name(),
                step.why(),
                step.until(),
                step.warnings(),
                step.law(),
                step.sources().stream().map(SimulationRoutes::source).toList());
    }

    private static Source source(RulePack.Source source) {
        return new Source(source.address(), source.date(), source.says());
    }
}
