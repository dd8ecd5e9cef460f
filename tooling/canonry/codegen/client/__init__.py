"""What every generated client carries, emitted byte for byte. Canonry itself runs none of it.

Modules import one another relatively and nothing of canonry, since they are copied into packages of any name.
"""
