// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with a request. One kind of defect gives its own problem, several an invalid request. */
final class Defects {

    private final List<Problem.Field> fields;
    private @Nullable ProblemType type;

    Defects(List<Problem.Field> shape) {
        this.fields = new ArrayList<>(shape);
        this.type = shape.isEmpty() ? null : ProblemType.INVALID_REQUEST;
    }

    void invalid(String pointer, String code, String detail) {
        add(ProblemType.INVALID_REQUEST, new Problem.Field(pointer, code, detail));
    }

    void add(ProblemType problem, String pointer, String detail) {
        add(problem, new Problem.Field(pointer, problem.name(), detail));
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    Problem problem() {
        ProblemType all = type == null ? ProblemType.INVALID_REQUEST : type;
        return new Problem(
                all, fields.size() == 1 ? fields.getFirst().detail() : fields.size() + " fields are invalid", fields);
    }

    private void add(ProblemType problem, Problem.Field field) {
        // A value that was refused for its type is not also missing
        if (fields.stream().anyMatch(other -> other.pointer().equals(field.pointer()))) {
            return;
        }
        type = type == null || type == problem ? problem : ProblemType.INVALID_REQUEST;
        fields.add(field);
    }
}
