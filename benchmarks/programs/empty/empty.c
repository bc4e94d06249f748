/* Nothing at all: what a process needs to start and stop. */
int main(void) {
    return 0;
}
