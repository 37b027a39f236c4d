"""When a country changes its time law: what was agreed keeps its hour on the owner's clock, and moves in real time.

Every line, block, date with seats and watch keeps the offset from UTC that held when it was agreed. Where what is known
of the law today says otherwise, all that touch each other are moved in one commit, through the same door as everything
else. What does not fit any more is *to settle*, and both sides are told.
"""
