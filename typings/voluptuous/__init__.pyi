# Home Assistant serves `import voluptuous` with its own engine; so does the type checker.
from probatio import *
