// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.shared.Rfc3339;
import eu.aval.server.shared.TenantId;
import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.CoercingSerializeException;
import graphql.schema.GraphQLScalarType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;

/** The scalars of the schema. What cannot be read is told without being repeated: it may be anything. */
final class Scalars {

    static final GraphQLScalarType ID = scalar("UUID", "a UUID", Scalars::uuid, Scalars::text);
    static final GraphQLScalarType DATE_TIME =
            scalar("DateTime", "an RFC 3339 date and time with an offset", Scalars::instant, Scalars::text);

    private Scalars() {}

    private static UUID uuid(String value) {
        var uuid = UUID.fromString(value);
        if (!uuid.toString().equals(value.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("Not in canonical form");
        }
        return uuid;
    }

    private static Instant instant(String value) {
        try {
            return Rfc3339.parse(value);
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException("Not RFC 3339", malformed);
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case TenantId tenant -> tenant.value().toString();
            case UUID uuid -> uuid.toString();
            case Instant instant -> instant.toString();
            default -> throw new CoercingSerializeException("Cannot be shown: " + value.getClass());
        };
    }

    private static <T> GraphQLScalarType scalar(
            String name, String expected, Function<String, T> parse, Function<Object, String> show) {
        return GraphQLScalarType.newScalar()
                .name(name)
                .coercing(new TextCoercing<>("Expected " + expected, parse, show))
                .build();
    }

    private record TextCoercing<T>(String complaint, Function<String, T> parse, Function<Object, String> show)
            implements Coercing<T, String> {

        @Override
        public String serialize(Object value, GraphQLContext context, Locale locale) {
            return show.apply(value);
        }

        @Override
        public T parseValue(Object input, GraphQLContext context, Locale locale) {
            if (input instanceof String text) {
                try {
                    return parse.apply(text);
                } catch (IllegalArgumentException malformed) {
                    throw new CoercingParseValueException(complaint);
                }
            }
            throw new CoercingParseValueException(complaint);
        }

        @Override
        public T parseLiteral(Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
            var text = input instanceof StringValue literal ? literal.getValue() : null;
            if (text != null) {
                try {
                    return parse.apply(text);
                } catch (IllegalArgumentException malformed) {
                    throw new CoercingParseLiteralException(complaint);
                }
            }
            throw new CoercingParseLiteralException(complaint);
        }

        @Override
        public Value<?> valueToLiteral(Object input, GraphQLContext context, Locale locale) {
            return StringValue.of(input instanceof String text ? text : show.apply(input));
        }
    }
}
