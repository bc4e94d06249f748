/* Four kinds of structs with functions of the same names, called in one place for n rounds. */
#include <stdio.h>
#include <stdlib.h>

typedef struct Shape Shape;

typedef struct {
    double (*area)(const Shape *);
    int (*corners)(const Shape *);
} Methods;

struct Shape {
    const Methods *methods;
    double first, second;
};

static double circle_area(const Shape *self) { return 3.0 * self->first * self->first; }
static double square_area(const Shape *self) { return self->first * self->first; }
static double box_area(const Shape *self) { return self->first * self->second; }
static double triangle_area(const Shape *self) { return self->first * self->second / 2.0; }
static int no_corners(const Shape *self) { return (void)self, 0; }
static int three_corners(const Shape *self) { return (void)self, 3; }
static int four_corners(const Shape *self) { return (void)self, 4; }

static const Methods kinds[] = {
    {circle_area, no_corners}, {square_area, four_corners}, {box_area, four_corners}, {triangle_area, three_corners},
};

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 14000;
    enum { COUNT = 1000 };
    Shape **shapes = malloc(COUNT * sizeof *shapes);
    for (int i = 0; i < COUNT; i++) {
        double size = 1.0 + i % 7;
        shapes[i] = malloc(sizeof *shapes[i]);
        *shapes[i] = (Shape){&kinds[i % 4], size, size + (i % 4 == 3 ? 2.0 : 1.0)};
    }
    double area = 0.0;
    long long corners = 0;
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < COUNT; i++) {
            area += shapes[i]->methods->area(shapes[i]);
            corners += shapes[i]->methods->corners(shapes[i]);
        }
    printf("%lld %lld\n", (long long)area, corners);
    for (int i = 0; i < COUNT; i++)
        free(shapes[i]);
    free(shapes);
    return 0;
}
