"""The commented protocol that ``headway new-protocol`` writes."""

TEMPLATE = """# A protocol of Headway: who ran, what was recorded, what the runner was asked and felt.
# Run it with: headway experiment protocol.toml --out results
# Paths are relative to this file. Lengths in metres, masses in kilograms, speeds in metres per second.

title = "Does it change anything when I hold my head still?"

[runner]
# name = "me"
# height = 1.72
# mass = 64
# sex = "female"                  # male or female; for the tables of segment masses

[design]
kind = "free-held-free"           # free-held-free | pairs | drill | speed-series
primary = "contact_time"          # the ONE outcome of the verdict; headway metrics lists the names
speed = "matched"                 # matched: the same speed in all blocks; free: speed is an outcome
settle = 10                       # seconds dropped at the start of every block
smallest = 3                      # smallest change of the primary outcome that matters to you, %
# test = "held"                   # condition set against free running; found from the blocks
# secondary = ["step_width"]      # described with false-discovery control; empty: all that was measured
# randomised = true               # pairs only: a coin was tossed for the order in every pair
# seed = 7                        # the seed that headway plan printed
# washout = 60                    # seconds of usual running before every block that are not analysed, settle among them
[recordings]
# treadmill = true
# up = "z"
# forward = "x"

# One [[block]] for every stretch of running under one condition. Several blocks may lie in one recording.
# condition: free | held | sham | hands_on_hips | baseline | lean | release_neck | hands_off | keep | speed
# Fill in felt and pushed right after each block, before you look at any result.

[[block]]
recording = "run.c3d"
condition = "free"
start = "0:00"                    # 7:11, 431 or 431.5
stop = "0:50"                     # or mark = 1 instead of both: between its chirps in the film's sound
# speed = 3.0                     # treadmill or measured speed
# pair = 1                        # pairs only
felt = { legs_feet_stress = 3, rpe = 12, ease = 7 }   # 0-10, 6-20, 0-10
pushed = "unsure"                 # did your foot push your head forward (head), or only the rest (body)?

[[block]]
recording = "run.c3d"
condition = "held"                # keep the head still in space
start = "1:00"
stop = "1:50"
felt = { legs_feet_stress = 3, rpe = 12, ease = 7 }
pushed = "unsure"

[[block]]
recording = "run.c3d"
condition = "free"
start = "2:00"
stop = "2:50"
felt = { legs_feet_stress = 3, rpe = 12, ease = 7 }
pushed = "unsure"
"""
